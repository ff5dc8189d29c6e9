"""Amazon Athena, which asks the lake in S3 in SQL. Start at ask.py; views.py makes the 360 views there."""
