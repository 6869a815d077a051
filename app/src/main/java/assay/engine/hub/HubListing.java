package assay.engine.hub;

import assay.ResourceException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a repository holds at one commit.
///
/// @param commit its hash
/// @param files by path
record HubListing(String commit, Map<String, Blob> files) {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    /// One file's content.
    ///
    /// @param hash SHA-256 for a large file, git's SHA-1 for a small one; also its name in the cache
    /// @param bytes its size
    record Blob(String hash, long bytes) {}

    /// Reads the hub's answer to `/api/models/…/revision/…?blobs=true`. Files whose path or hash is out of
    /// order are left out.
    ///
    /// @param where named in errors
    /// @throws ResourceException if it is something else
    static HubListing read(byte[] json, String where) {
        try {
            JsonNode root = JsonMapper.shared().readTree(json);
            String commit = root.path("sha").asString("");
            if (!HubId.isCommit(commit) || !root.path("siblings").isArray()) {
                throw unusable("a list of files at a commit", where);
            }
            Map<String, Blob> files = new TreeMap<>();
            for (JsonNode file : root.path("siblings")) {
                String path = file.path("rfilename").asString("");
                JsonNode large = file.path("lfs");
                String hash = large.path("sha256").asString(file.path("blobId").asString(""));
                long bytes = large.path("size").asLong(file.path("size").asLong(-1));
                if (HubId.isPlain(path) && HASH.matcher(hash).matches() && bytes >= 0) {
                    files.put(path, new Blob(hash, bytes));
                }
            }
            return new HubListing(commit, files);
        } catch (JacksonException broken) {
            throw unusable("JSON", where);
        }
    }

    private static ResourceException unusable(String expected, String where) {
        return new ResourceException("hub: expected " + expected + ", found something else (" + where
                + "). Is HF_ENDPOINT right? Try again later.");
    }
}
