"""Who waits for whom, and whether that wait can end.

store --> Situation --parties--> chain --> verdict --> sentence
"""
