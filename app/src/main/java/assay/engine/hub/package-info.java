/// Finds models and adapters: a folder, a file, the shared cache, a hub; fetches what is missing.
/// Knows names and bytes, and nothing of what is inside.
@NullMarked
package assay.engine.hub;

import org.jspecify.annotations.NullMarked;
