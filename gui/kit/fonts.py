"""The fonts of the log and their measures, worked out once a font."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

_FIXED = ("DejaVu Sans Mono", "Noto Sans Mono", "Liberation Mono")  # untranslated: names of fonts


class LogFonts:
    """A fixed-pitch font for the text and the application's own for the rest."""

    def __init__(self, base: QFont) -> None:
        self.plain = base
        self.italic = QFont(base)
        self.italic.setItalic(True)
        self.small = QFont(base)
        if base.pointSizeF() > 0:
            self.small.setPointSizeF(base.pointSizeF() * 0.9)
        self.shaped = _fixed_font(base)
        self.fixed = QFont(self.shaped)  # for ASCII, which needs no shaping: drawn faster
        self.fixed.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
        self.fixed.setKerning(False)
        self.fixed_metrics = QFontMetricsF(self.fixed)
        self.plain_metrics = QFontMetricsF(base)
        self.small_metrics = QFontMetricsF(self.small)
        # Over many, since a font may place its characters at fractions of a pixel.
        self.pitch = self.fixed_metrics.horizontalAdvance("M" * 64) / 64
        self.is_fixed = abs(self.fixed_metrics.horizontalAdvance("i" * 64) / 64 - self.pitch) < 0.01
        height = max(self.fixed_metrics.height(), self.plain_metrics.height())
        self.row_height = round(height) + 6
        self._styled: dict[tuple[bool, bool, bool, bool], QFont] = {}

    def styled(self, bold: bool, italic: bool, underline: bool, strike: bool) -> QFont:
        """The fixed font with these attributes."""
        key = (bold, italic, underline, strike)
        font = self._styled.get(key)
        if font is None:
            font = QFont(self.fixed)
            font.setBold(bold)
            font.setItalic(italic)
            font.setUnderline(underline)
            font.setStrikeOut(strike)
            self._styled[key] = font
        return font


def _fixed_font(base: QFont) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setFamilies([*font.families(), *_FIXED])
    font.setStyleHint(QFont.StyleHint.Monospace)
    if base.pointSizeF() > 0:
        font.setPointSizeF(base.pointSizeF())
    return font
