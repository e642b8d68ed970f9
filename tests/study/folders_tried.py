"""Under which name tests tell how many damaged and foreign folders they tried."""

FOLDERS_TRIED = "damaged and foreign folders tried"
