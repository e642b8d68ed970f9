"""Why one employee did something: the situation of a day, the terms of each decision, and what decided."""
