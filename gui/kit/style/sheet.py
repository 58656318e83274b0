"""The style sheet: what the Fusion style leaves open to a finished look."""

from __future__ import annotations

from .theme import RADIUS, SPACE, Theme


def style_sheet(theme: Theme) -> str:
    """The application's style sheet in the colours of `theme`."""
    half = SPACE // 2
    hover = theme.border if theme.dark else "#e9ecf1"
    return f"""
QToolTip {{ color: {theme.text}; background: {theme.raised}; border: 1px solid {theme.border};
    padding: {half}px; }}
QMainWindow, QDialog {{ background: {theme.window}; }}
QMenuBar {{ background: {theme.window}; color: {theme.text}; padding: 2px {half}px; }}
QMenuBar::item {{ padding: {half}px {SPACE}px; border-radius: {half}px; background: transparent; }}
QMenuBar::item:selected {{ background: {hover}; }}
QMenu {{ background: {theme.raised}; border: 1px solid {theme.border}; padding: {half}px; }}
QMenu::item {{ padding: 5px 28px 5px 10px; border-radius: {half}px; }}
QMenu::icon {{ padding-left: {half}px; }}
QMenu::item:selected {{ background: {theme.selection}; color: {theme.selection_text}; }}
QMenu::item:disabled {{ color: {theme.faint}; background: transparent; }}
QMenu::separator {{ height: 1px; background: {theme.border}; margin: {half}px {SPACE}px; }}
QStatusBar {{ background: {theme.window}; color: {theme.muted};
    border-top: 1px solid {theme.border}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {theme.muted}; padding: 2px {half}px; }}
QStatusBar QLabel[warning="true"] {{ color: {theme.warning}; }}
QSplitter::handle {{ background: {theme.border}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QSplitter::handle:hover {{ background: {theme.accent}; }}
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit {{ background: {theme.base};
    color: {theme.text}; border: 1px solid {theme.border}; border-radius: {RADIUS}px;
    padding: {half}px 7px; selection-background-color: {theme.selection};
    selection-color: {theme.selection_text}; }}
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus {{
    border-color: {theme.accent}; }}
QLineEdit:disabled, QSpinBox:disabled, QComboBox:disabled {{ color: {theme.faint};
    background: {theme.window}; }}
QLineEdit[fault="true"], QComboBox[fault="true"] {{ border-color: {theme.bad}; }}
QPushButton {{ background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.border};
    border-radius: {RADIUS}px; padding: 5px 14px; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:focus {{ border-color: {theme.accent}; }}
QPushButton:pressed {{ background: {theme.selection}; }}
QPushButton:default {{ background: {theme.accent}; color: {theme.accent_text};
    border-color: {theme.accent}; }}
QPushButton:disabled {{ color: {theme.faint}; background: {theme.window};
    border-color: {theme.border}; }}
QToolButton {{ color: {theme.text}; background: transparent; border: 1px solid transparent;
    border-radius: {RADIUS}px; padding: {half}px; }}
QToolButton:hover {{ background: {hover}; }}
QToolButton:focus {{ border-color: {theme.accent}; }}
QToolButton:pressed, QToolButton:checked {{ background: {theme.selection};
    color: {theme.selection_text}; }}
QToolButton:disabled {{ color: {theme.faint}; background: transparent; }}
QToolButton::menu-indicator {{ image: none; }}
QHeaderView {{ background: {theme.window}; border: none; }}
QHeaderView::section {{ background: {theme.window}; color: {theme.muted}; padding: 5px {SPACE}px;
    border: none; border-bottom: 1px solid {theme.border};
    border-right: 1px solid {theme.border}; }}
QHeaderView::section:hover {{ color: {theme.text}; }}
QAbstractItemView {{ background: {theme.base}; alternate-background-color: {theme.alternate};
    border: none; outline: none; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {theme.border}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::handle:hover {{ background: {theme.faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: {theme.base}; border: none; }}
QFrame[panelHead="true"] {{ background: {theme.window}; border: none;
    border-bottom: 1px solid {theme.border}; }}
QFrame[tabHead="true"] {{ background: {theme.window}; border: none;
    border-bottom: 1px solid {theme.border}; }}
QTabBar {{ background: transparent; }}
QTabBar::tab {{ background: transparent; color: {theme.muted}; border: none;
    border-bottom: 2px solid transparent; padding: 6px 12px 5px 10px; }}
QTabBar::tab:hover {{ color: {theme.text}; }}
QTabBar::tab:selected {{ color: {theme.text}; border-bottom-color: {theme.accent}; }}
QTabBar::tab:focus {{ background: {hover}; }}
QLabel[muted="true"] {{ color: {theme.muted}; }}
QLabel[heading="true"] {{ font-weight: 600; }}
QLabel[faultText="true"] {{ color: {theme.bad}; }}
"""
