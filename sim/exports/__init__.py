"""Files of one's own: from the bytes of an export to what is known of staff and of use."""
