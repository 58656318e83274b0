"""The Launch panel: what can be started, a button to start it, and the dialog that edits it.

    stores --(after the first paint)--> entries -> rows --click--> pre-flight check
        -> `launch_requested`, or a strip that says what is wrong

Imports the kit, and of the core only the vocabulary at first; the stores, the check and the
dialog come in when they are needed.
"""
