"""What is true of a session, now and at a moment: its processes and its objects.

    events, time, file --> SessionStore --> StoreChange --> whoever subscribed
                               '-- at(t) --> a store of that moment, with the same face

Rows are immutable. Imports the vocabulary, the session and its clock; called by the window's
thread, or by that of `record`.
"""
