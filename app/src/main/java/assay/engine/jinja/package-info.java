/// A small interpreter for the Jinja that chat templates are written in. It is ours because the one Java library,
/// jinjava, renders 235 of the 285 plain golden chats of jinja.cpp's collection, and this all 285.
/// Knows nothing of models or tokens.
@NullMarked
package assay.engine.jinja;

import org.jspecify.annotations.NullMarked;
