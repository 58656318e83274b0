"""The Timeline panel: what each process was doing when, and who waited for whom.

It is imported when its tab is first chosen, and brings numpy along.
"""
