package assay.tasks.extend;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// Lines of a stream as bytes, without their ends (`\n` or `\r\n`). A line is held up to a limit; the rest of a longer
/// one is read over, so that no line can fill the memory.
final class ByteLines implements Closeable {
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private final byte[] line;
    private int at;
    private int end;
    private int length;
    private boolean cut;

    /// @param most bytes of a line that are held
    ByteLines(InputStream in, int most) {
        this.in = in;
        this.line = new byte[most];
    }

    /// Goes to the next line; false behind the last.
    boolean next() throws IOException {
        length = 0;
        cut = false;
        boolean any = false;
        while (at < end || filled()) {
            any = true;
            byte value = buffer[at++];
            if (value == '\n') {
                break;
            }
            if (length < line.length) {
                line[length++] = value;
            } else {
                cut |= value != '\r';
            }
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return any;
    }

    /// The line's bytes, valid until the next one.
    ByteBuffer bytes() {
        return ByteBuffer.wrap(line, 0, length);
    }

    /// Whether the line is longer than what is held.
    boolean isCut() {
        return cut;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean filled() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }
}
