/** Loaders of classes: `java Classes.java once|again` loads one and the same again and again, and keeps them or not. */
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;

public class Classes {
    static final ArrayList<Object> KEPT = new ArrayList<>();

    static Object made() {
        ClassLoader loader = new URLClassLoader(new URL[0], Runnable.class.getClassLoader());
        return Proxy.newProxyInstance(loader, new Class<?>[] {Runnable.class}, (proxy, method, given) -> null);
    }

    public static void main(String[] arguments) throws InterruptedException {
        while (true) {
            Object one = made();
            ((Runnable) one).run();
            if (arguments[0].equals("again")) KEPT.add(one);
            Thread.sleep(150);
        }
    }
}
