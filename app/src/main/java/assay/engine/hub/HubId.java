package assay.engine.hub;

import assay.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The address of a repository on a Hugging Face hub: `owner/repo[@revision][/subfolder]`.
///
/// @param repository `owner/repo`
/// @param revision a branch, a tag, a commit or `refs/pr/N`; `main` if not given
/// @param inside a folder in it, or a `.gguf` file; empty for its root
record HubId(String repository, String revision, String inside) {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,95}";
    private static final Pattern FORM = Pattern.compile(
            "(" + NAME + "/" + NAME + ")(?:@(refs/[A-Za-z0-9._-]+/[A-Za-z0-9._-]+|[A-Za-z0-9._-]+))?(?:/(.+?))?/?");
    private static final Pattern PART = Pattern.compile("(.*)-\\d{5}-of-(\\d{5})\\.gguf");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /// What a page's address names: `https://host/owner/repo/tree/main/part` is `owner/repo@main/part`.
    private static String ofPage(String text) {
        return text.replaceFirst("^https?://[^/@]+/", "")
                .replaceFirst("^([^/]+/[^/]+)/(?:tree|blob|resolve)/([^/?#]+)", "$1@$2")
                .replaceFirst("[?#].*$", "");
    }

    /// Reads an address, or that of a repository's page; empty if the text is not of that form.
    ///
    /// @throws InputException if it tries to leave its folder
    static Optional<HubId> parse(String text) {
        Matcher form = FORM.matcher(ofPage(text));
        if (!form.matches()) {
            return Optional.empty();
        }
        String revision = form.group(2) == null ? "main" : form.group(2);
        String inside = form.group(3) == null ? "" : form.group(3);
        if (!isPlain(form.group(1)) || !isPlain(revision) || (!inside.isEmpty() && !isPlain(inside))) {
            throw new InputException("hub address: expected owner/repo[@revision][/subfolder], found " + text
                    + ". Remove empty parts, '.' and '..'.");
        }
        return Optional.of(new HubId(form.group(1), revision, inside));
    }

    /// Whether a path of a repository can be followed on a disk without leaving its folder.
    static boolean isPlain(String path) {
        return Arrays.stream(path.split("/", -1)).allMatch(part -> part.matches("(?!\\.\\.?$)[^\\\\\0:]+"));
    }

    /// Whether the text is a full commit hash.
    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /// Whether this names one file.
    boolean isGguf() {
        return isGguf(inside);
    }

    /// The files of the model this names a GGUF file of: itself, or all parts if it is one of several, such as
    /// `model-00001-of-00003.gguf`.
    List<String> parts() {
        Matcher part = PART.matcher(inside);
        if (!part.matches()) {
            return List.of(inside);
        }
        int count = Integer.parseInt(part.group(2));
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> "%s-%05d-of-%05d.gguf".formatted(part.group(1), number, count))
                .toList();
    }

    /// Whether a path is that of a GGUF file, in capitals or not.
    static boolean isGguf(String path) {
        return path.toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    /// A path of the repository for a file of the folder this names.
    String under(String file) {
        return inside.isEmpty() ? file : inside + "/" + file;
    }

    /// The name of its folder in the cache.
    String folder() {
        return "models--" + repository.replace("/", "--");
    }

    @Override
    public String toString() {
        return repository + (revision.equals("main") ? "" : "@" + revision) + (inside.isEmpty() ? "" : "/" + inside);
    }
}
