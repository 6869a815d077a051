package assay.cluster;

import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/// An atlas on its way to all machines: each gets it once.
///
/// @param name no other atlas of a run has
/// @param bytes of its file
record SentAtlas(String name, Broadcast<byte[]> bytes) implements Serializable {
    private static final long serialVersionUID = 1L;

    static SentAtlas of(Atlas atlas, JavaSparkContext spark) {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            AtlasFile.write(atlas, out);
            Broadcast<byte[]> bytes = spark.broadcast(out.toByteArray());
            return new SentAtlas("atlas " + bytes.id(), bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// The atlas at the place it was sent to.
    Atlas at(Workplace place) {
        return place.get(name, Atlas.class, () -> {
            byte[] all = bytes.value();
            return AtlasFile.read(new ByteArrayInputStream(all), "the atlas that was sent");
        });
    }
}
