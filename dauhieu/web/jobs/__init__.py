"""Work which takes longer than a request: kept in the database, leased to a worker which shows signs of life, told how
far it has come, cancelled, tried again. A worker which is killed loses its lease and with it the right to finish.
"""
