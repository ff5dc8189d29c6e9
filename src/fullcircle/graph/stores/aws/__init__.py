"""What the Neptune store needs of AWS. Start at data.py, the HTTP side of a cluster; boto3 is imported only in access.py."""
