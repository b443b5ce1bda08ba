"""Where commands are found: the menus, and the buttons at the left edge."""

from desktop.language import QT_TRANSLATE_NOOP

Entry = str | None | tuple[str, tuple[str, ...]]
"""A command's id; None, a separator; or a submenu's title with its commands."""

MENUS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        QT_TRANSLATE_NOOP("Commands", "&File"),
        ("open", None, "save", "save_as", "export", None, "close", "quit"),
    ),
    (
        QT_TRANSLATE_NOOP("Commands", "&Edit"),
        (
            *(
                "undo",
                "redo",
                None,
                "copy",
                "paste",
                None,
                "run",
                "check",
                "sweep",
                None,
            ),
            *("cancel", "cancel_all", None),
            *("apply", "delete", "next", "previous", "leave_results", None),
            *("more_like_this", "blend", None, "prompt", "swap_prompts"),
            "crop",
            "tomography",
            (
                QT_TRANSLATE_NOOP("Commands", "Job"),
                ("job_fill", "job_extend", "job_swap", "job_restyle", "job_restore"),
            ),
            None,
            "settings",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Commands", "&Select"),
        (
            *("select_all", "select_box", "clear_mask", "invert_mask", "select_word", None),
            *("grow", "shrink", "feather", "fill_holes", None, "load_mask", "save_mask", None),
            (
                QT_TRANSLATE_NOOP("Commands", "Tool"),
                (
                    *("brush", "eraser", "lasso", "polygon", "rectangle", "ellipse"),
                    *("wand", "object", "hand", "frame"),
                ),
            ),
            *("brush_larger", "brush_smaller", None, "show_mask", "mask_colour"),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Commands", "&Layer"),
        (
            *("layer_new", "layer_duplicate", None, "layer_up", "layer_down", None),
            *("layer_merge", "layer_flatten", None, "layer_delete", None),
            *("paint", "paint_colour"),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Commands", "&View"),
        (
            *(
                "zoom_in",
                "zoom_out",
                "fit",
                "actual_size",
                None,
                "original",
                "compare",
                "inspect",
                "layers",
                "rulers",
                None,
            ),
            (
                QT_TRANSLATE_NOOP("Commands", "Restoration"),
                (
                    *("preview_degraded", "view_result", "view_residual", "view_uncertainty"),
                    *("previous_sample", "next_sample"),
                ),
            ),
            (
                QT_TRANSLATE_NOOP("Commands", "Theme"),
                ("theme_dark", "theme_light", "theme_system"),
            ),
            (QT_TRANSLATE_NOOP("Commands", "Language"), ("language_en", "language_ko")),
        ),
    ),
    (QT_TRANSLATE_NOOP("Commands", "&Help"), ("tour", "shortcuts", None, "report", "about")),
)

RAIL: tuple[str | None, ...] = (
    *("brush", "eraser", "lasso", "polygon", "rectangle", "ellipse", "wand", "object"),
    None,
    *("paint", "hand", "frame"),
    None,
    *("fit", "original", "compare", "layers", "inspect"),
)
"""The commands with a button at the left edge; None, a line between two kinds."""
