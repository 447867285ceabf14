import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.net.InetSocketAddress;

/**
 * A server that speaks MongoDB's protocol, in memory. Its updates are atomic.
 *
 * <p>usage: Main PORT
 *
 * <p>Says the URI of itself on stderr once it listens, and serves until it is killed.
 */
public final class Main {
  public static void main(String[] arguments) {
    MongoServer server = new MongoServer(new MemoryBackend());
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
    server.bind(address);
    System.err.println("mongodb://127.0.0.1:" + server.getLocalAddress().getPort() + "/ ready");
  }
}
