"""Our own documents, in a window of their own: Markdown with pictures, and links that lead on.

Nothing but files of ours is shown here; names and words of programs never reach it.
"""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextBlock, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from ..kit.style import theme

_MARGIN = 28  # px around the text
_WIDTH = 900  # px of the window, if there is so much room
# Pictures for both themes, in HTML, which Qt's Markdown gets wrong: what follows is no text then.
_PICTURE = re.compile(r'<picture>.*?srcset="(.*?)".*?src="(.*?)".*?</picture>', re.DOTALL)


class DocumentWindow(QTextBrowser):
    """Shows a file. Links lead on within it and to its neighbours; those to elsewhere open outside.
    It emits nothing."""

    def __init__(self, parent: QWidget, title: str, path: Path) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._on_clicked)
        room = parent.screen().availableGeometry()
        self.resize(min(_WIDTH, room.width() * 9 // 10), min(860, room.height() * 9 // 10))
        self._path = path
        self._load(path)

    def _load(self, path: Path) -> None:
        self._path = path
        dark = theme.current() is theme.DARK
        text = _PICTURE.sub(lambda found: f"![]({found[1 if dark else 2]})", path.read_text())
        self.setSearchPaths([str(path.parent)])
        self.document().setDocumentMargin(_MARGIN)
        self.setMarkdown(text)
        self._fit_pictures()

    def _fit_pictures(self) -> None:
        """None is wider than the window."""
        cursor = QTextCursor(self.document())
        block = self.document().begin()
        while block.isValid():
            fragments = block.begin()
            while not fragments.atEnd():
                fragment = fragments.fragment()
                picture = fragment.charFormat().toImageFormat()
                if picture.isValid():
                    self._take(picture.name())
                    picture.setWidth(self.width() - 3 * _MARGIN)
                    cursor.setPosition(fragment.position())
                    cursor.setPosition(fragment.position() + 1, QTextCursor.MoveMode.KeepAnchor)
                    cursor.setCharFormat(picture)
                fragments += 1
            block = block.next()

    def _take(self, name: str) -> None:
        """Scale a picture: Qt would leave pixels out."""
        ratio = self.devicePixelRatioF()
        image = QImage(str(self._path.parent / name)).scaledToWidth(
            round((self.width() - 3 * _MARGIN) * ratio),
            Qt.TransformationMode.SmoothTransformation,
        )
        image.setDevicePixelRatio(ratio)
        kind = QTextDocument.ResourceType.ImageResource
        self.document().addResource(kind.value, QUrl(name), image)

    def _on_clicked(self, link: QUrl) -> None:
        if link.scheme() not in ("", "file"):
            QDesktopServices.openUrl(link)
            return
        target = self._path.parent / link.path() if link.path() else self._path
        if target.suffix != ".md":
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(target)))
            return
        if target != self._path and target.exists():
            self._load(target)
        if link.fragment():
            self._go_to(link.fragment())

    def _go_to(self, anchor: str) -> None:
        block = self.document().begin()
        while block.isValid() and _anchor(block) != anchor:
            block = block.next()
        if block.isValid():
            self.moveCursor(QTextCursor.MoveOperation.End)  # so that it comes to stand at the top
            self.setTextCursor(QTextCursor(block))


def _anchor(block: QTextBlock) -> str:
    """What links to a heading call it; "" for other text."""
    if not block.blockFormat().headingLevel():
        return ""
    kept = "".join(each for each in block.text().lower() if each.isalnum() or each in " -")
    return kept.replace(" ", "-")
