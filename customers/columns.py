"""The headers of our own sheet of customers: the export writes them, the import reads them first,
exactly.
"""

USERNAME = "Username"
UUID = "UUID"
EMAIL = "E-mail"
NOTE = "Note"
SPENT = "Spent"
SPENT_YEAR = "Spent -1Y"
OWNS = "Owns"
CREDIT = "Credit"
RESTRICTED = "Restricted Credit"
DISCOUNT = "Discount %"
SUBSCRIBER = "News Subscriber"
GROUP_MEMBER = "Group Member"
FIRST_PURCHASE = "First Purchase"
LAST_PURCHASE = "Last Purchase"
