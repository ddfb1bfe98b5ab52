/** A heap with a known habit: `java Heap.java churn|leak|sessions`. */
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Random;

public class Heap {
    static final Random CHANCE = new Random(1);
    static final ArrayList<byte[]> LOST = new ArrayList<>();
    static final ArrayDeque<byte[]> RECENT = new ArrayDeque<>();
    static final HashMap<Integer, byte[]> SESSIONS = new HashMap<>();

    static void churn() {
        for (int i = 0; i < 60; i++) RECENT.add(new byte[CHANCE.nextInt(4096)]);
        while (RECENT.size() > 2000) RECENT.poll();
    }

    static void sessions() {
        churn();
        for (int i = 0; i < 10; i++) SESSIONS.put(CHANCE.nextInt(8000), new byte[2048]);
    }

    public static void main(String[] arguments) throws InterruptedException {
        while (true) {
            switch (arguments[0]) {
                case "churn" -> churn();
                case "leak" -> { churn(); LOST.add(new byte[3000]); }
                default -> sessions();
            }
            Thread.sleep(100);
        }
    }
}
