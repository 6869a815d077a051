package assay.cluster;

import assay.InputException;
import assay.base.run.AtomicFiles;
import assay.base.run.Refusal;
import assay.base.sparse.Interval;
import assay.tasks.census.AdapterList;
import assay.tasks.census.CensusRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;

/// Parquet tables: adapters to be counted, and the rows of a census. Read and written on this
/// machine, a file each.
final class CensusTable {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final String COLUMN = "adapter";

    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType("""
            message census {
              required binary adapter (STRING);
              required binary identity (STRING);
              required binary kind (STRING);
              optional double kl;
              optional double closed; optional double closed_low; optional double closed_high;
              optional double null; optional double null_low; optional double null_high;
              optional double excess; optional double excess_low; optional double excess_high;
              required group prompts (LIST) {
                repeated group list { required group element { required binary prompt (STRING); required double weight; } }
              }
              required group words (LIST) { repeated group list { required binary element (STRING); } }
              required double seconds;
              required binary error (STRING);
            }
            """);

    private CensusTable() {}

    /// The adapters of a folder, a list or a table.
    ///
    /// @throws InputException if there is none
    static List<String> adapters(Path place) {
        return isTable(place) ? read(place) : AdapterList.read(place);
    }

    private static boolean isTable(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (var in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        } catch (IOException unreadable) {
            throw Refusal.unreadable("adapters", file, unreadable);
        }
    }

    /// Those of a table: its column `adapter`, or its only column of texts.
    private static List<String> read(Path file) {
        Set<String> adapters = new LinkedHashSet<>();
        try (ParquetReader<Group> reader = new Reader(new LocalInputFile(file)).build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                String column = column(row.getType(), file);
                if (row.getFieldRepetitionCount(column) > 0) {
                    adapters.add(AdapterList.named(row.getString(column, 0).strip(), file));
                }
            }
        } catch (IOException | RuntimeException damaged) {
            if (damaged instanceof InputException refusal) {
                throw refusal;
            }
            throw Refusal.of(
                    "adapters",
                    "a readable Parquet table",
                    String.valueOf(damaged.getMessage()),
                    file,
                    "Write it again.");
        }
        if (adapters.isEmpty()) {
            throw Refusal.of("adapters", "rows in the table", "none", file, "Check the table.");
        }
        return List.copyOf(adapters);
    }

    private static String column(GroupType type, Path file) {
        List<String> texts = type.getFields().stream()
                .filter(field ->
                        field.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation)
                .map(Type::getName)
                .toList();
        if (texts.contains(COLUMN) || texts.size() == 1) {
            return texts.contains(COLUMN) ? COLUMN : texts.getFirst();
        }
        throw Refusal.of(
                "adapters", "a column of texts named adapter", texts, file, "Rename the column that has them.");
    }

    /// Reads rows as they are.
    private static final class Reader extends ParquetReader.Builder<Group> {
        Reader(InputFile file) {
            super(file);
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }

    /// Writes the rows of a census, whole or not at all.
    static void write(List<CensusRow> rows, Path file) {
        Path written = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(written))
                .withType(SCHEMA)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .build()) {
            for (CensusRow row : rows) {
                writer.write(group(row));
            }
        } catch (IOException failed) {
            throw Refusal.failed("file", "to write it", file, "Free the disk or choose another place.", failed);
        }
        try {
            AtomicFiles.move(written, file);
        } catch (IOException failed) {
            throw Refusal.failed("file", "to write it", file, "Free the disk or choose another place.", failed);
        }
    }

    private static Group group(CensusRow row) {
        Group group = new SimpleGroup(SCHEMA);
        group.append(COLUMN, row.adapter())
                .append("identity", row.identity())
                .append("kind", row.kind().name().toLowerCase(Locale.ROOT))
                .append("seconds", row.seconds())
                .append("error", row.error());
        row.found().ifPresent(found -> {
            group.append("kl", found.kl());
            interval(group, "closed", found.closed());
            interval(group, "null", found.random());
            interval(group, "excess", found.excess());
        });
        Group prompts = group.addGroup("prompts");
        row.prompts()
                .forEach(prompt -> prompts.addGroup("list")
                        .addGroup("element")
                        .append("prompt", prompt.prompt())
                        .append("weight", prompt.weight()));
        Group words = group.addGroup("words");
        row.words().forEach(word -> words.addGroup("list").append("element", word));
        return group;
    }

    /// What was not measured is not there.
    private static void interval(Group group, String name, Interval interval) {
        if (Double.isFinite(interval.value())) {
            group.append(name, interval.value())
                    .append(name + "_low", interval.low())
                    .append(name + "_high", interval.high());
        }
    }
}
