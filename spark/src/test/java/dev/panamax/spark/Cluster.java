package dev.panamax.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.sql.SparkSession;
import scala.Option;
import scala.Some;

/**
 * What Spark's {@code local-cluster[n,1,m]} starts, a master and workers whose executors are processes with one core
 * each, but on hosts of two names: a task is never started for the second time on the host where it runs already.
 */
final class Cluster implements AutoCloseable {
    private static final String[] HOSTS = {"127.0.0.1", "localhost"};

    private final List<RpcEnv> services = new ArrayList<>();
    private final SparkSession spark;

    Cluster(int executors, int memoryMB, Map<String, String> settings) throws IOException {
        // Workers look whether Spark has a directory of jars, however empty. The classes are where this process has
        // them.
        Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        SparkConf conf = new SparkConf(false)
                .set("spark.master.rest.enabled", "false")
                .set("spark.shuffle.service.enabled", "false")
                .set("spark.ui.enabled", "false");
        RpcEnv master = Master.startRpcEnvAndEndpoint(HOSTS[0], 0, 0, conf)._1();
        services.add(master);
        String url = "spark://" + master.address().hostPort();
        for (int i = 0; i < executors; i++) {
            String host = HOSTS[i % HOSTS.length];
            services.add(Worker.startRpcEnvAndEndpoint(
                    host, 0, 0, 1, memoryMB, new String[] {url}, null, new Some<>(i), conf, Option.empty()));
        }
        Map<String, String> all = new HashMap<>(settings);
        all.put("spark.executor.memory", memoryMB + "m");
        spark = Sessions.with(url, all);
    }

    SparkSession spark() {
        return spark;
    }

    @Override
    public void close() {
        spark.stop();
        services.reversed().forEach(RpcEnv::shutdown);
    }
}
