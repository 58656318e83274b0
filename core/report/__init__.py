"""One page about a session that is over, for whoever was not there: HTML or Markdown, in one file.

SessionStore, stacks --gather()--> Report, plain text --html_page()-----> page --write--> FILE
                                                    '--markdown_page()-'
"""
