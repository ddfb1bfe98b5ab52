/** A web service that asks itself: `java Served.java served|timers`; timers begins one each few seconds that nobody ends. */
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

public class Served {
    public static void main(String[] arguments) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        Random chance = new Random(1);
        server.createContext("/", exchange -> {
            StringBuilder body = new StringBuilder();
            for (int i = 0; i < 300; i++) body.append(chance.nextInt()).append(' ');
            byte[] bytes = body.toString().getBytes();
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.start();
        HttpClient client = HttpClient.newHttpClient();
        URI place = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        for (int count = 0; ; count++) {
            client.send(HttpRequest.newBuilder(place).build(), HttpResponse.BodyHandlers.ofString());
            if (arguments[0].equals("timers") && count % 60 == 0)
                Executors.newScheduledThreadPool(1).scheduleAtFixedRate(() -> {}, 0, 1, TimeUnit.MINUTES);
            Thread.sleep(50);
        }
    }
}
