package assay.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.run.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/// A piece that takes longer than it may, on a standalone cluster of two machines, which are two
/// addresses of this one.
class SlowPieceTest {
    private static final String HOST = "127.0.0.1";
    private static final String OTHER = "127.0.0.2";

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere a machine has no second address of its own")
    void itIsBegunOnceMoreByAnotherMachineAndTheFirstToFinishCounts(@TempDir Path folder) throws IOException {
        RpcEnv master =
                Master.startRpcEnvAndEndpoint(HOST, 0, 0, new SparkConf(false))._1();
        String url = "spark://" + master.address().hostPort();
        List<RpcEnv> workers = List.of(worker(HOST, url, folder), worker(OTHER, url, folder));
        try {
            assertThat(attempts(ToyShelf.settings(url))).containsExactly(1);
        } finally {
            workers.forEach(RpcEnv::shutdown);
            master.shutdown();
        }
    }

    private static RpcEnv worker(String host, String master, Path folder) {
        return Worker.startRpcEnvAndEndpoint(
                host,
                0,
                0,
                1,
                1024,
                new String[] {master},
                folder.resolve(host).toString(),
                Option.empty(),
                new SparkConf(false),
                Option.empty());
    }

    /// Which attempts came to an end, if the first one never does.
    private static List<Integer> attempts(SparkConf settings) {
        SparkOptions.twice(2).forEach(settings::set);
        List<Integer> attempts = new ArrayList<>();
        try (JavaSparkContext spark = new JavaSparkContext(settings)) {
            new Pieces(spark, 1, Job.silent())
                    .<String, Integer>run(
                            List.of("piece"),
                            _ -> {
                                int attempt = TaskContext.get().attemptNumber();
                                if (attempt == 0) {
                                    Thread.sleep(Duration.ofMinutes(10));
                                }
                                return attempt;
                            },
                            (attempt, i) -> attempts.add(attempt),
                            (i, reason) -> {
                                throw new IllegalStateException(reason);
                            });
        }
        return attempts;
    }
}
