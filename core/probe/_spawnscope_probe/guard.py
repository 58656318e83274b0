"""The edge of the probe: what fails in here switches it off, and never reaches the program."""


def guarded(recorder):
    """A decorator: the function returns None when the probe is off, or just failed and went off."""

    def decorate(function):
        def call(*args, **kwargs):
            if not recorder.on:
                return None
            try:
                return function(*args, **kwargs)
            except Exception as error:
                recorder.failed(error)
                return None

        return call

    return decorate
