package io.metcd.tidy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the byte code of a room may touch. The cores are values in, values out: no thread, socket, file, clock, luck or
 * log inside, and no iteration order that differs between two runs, or a seed would not repeat.
 */
public final class CoreRules {
    static final String[] CORES = {
        "io.metcd.raft..",
        "io.metcd.store..",
        "io.metcd.node.autopilot..",
        "io.metcd.mesh.topology..",
        "io.metcd.mesh.gossip..",
        "io.metcd.mesh.spread..",
        "io.metcd.mesh.wire..",
        "io.metcd.journal.segment.."
    };

    private static final Set<String> WORLD = Set.of(
            "java.lang.Thread",
            "java.lang.ThreadLocal",
            "java.util.Random",
            "java.util.Timer",
            "java.io.File",
            "java.io.FileInputStream",
            "java.io.FileOutputStream",
            "java.io.RandomAccessFile");
    private static final List<String> WORLD_PACKAGES =
            List.of("java.net", "java.nio.file", "java.nio.channels", "java.util.concurrent", "org.slf4j");
    private static final Set<String> UNORDERED =
            Set.of("java.util.HashMap", "java.util.HashSet", "java.util.IdentityHashMap", "java.util.WeakHashMap");
    /** Calls whose result iterates in an order of its own. */
    private static final Map<String, Set<String>> UNORDERED_CALLS = new TreeMap<>(Map.of(
            "java.util.Map", Set.of("of", "ofEntries", "copyOf"),
            "java.util.Set", Set.of("of", "copyOf"),
            "java.util.stream.Collectors",
                    Set.of("toSet", "toMap", "toUnmodifiableSet", "toUnmodifiableMap", "groupingBy", "partitioningBy"),
            "java.lang.System", Set.of("nanoTime", "currentTimeMillis", "identityHashCode")));

    private CoreRules() {}

    public static List<ArchRule> all() {
        return List.of(
                coresTouchNoWorld(),
                coresIterateInOrder(),
                coresCallInOrder(),
                files(),
                transports(),
                command(),
                wire());
    }

    static ArchRule coresTouchNoWorld() {
        return noClasses()
                .that()
                .resideInAnyPackage(CORES)
                .should()
                .dependOnClassesThat(named("the world outside", CoreRules::isWorld))
                .because("a core is values in, values out. Cure: take a door of base, or move it to the shell")
                .allowEmptyShould(true);
    }

    static ArchRule coresIterateInOrder() {
        return noClasses()
                .that()
                .resideInAnyPackage(CORES)
                .should()
                .dependOnClassesThat(named("collections without order", c -> UNORDERED.contains(c.getName())))
                .because("two runs of one seed must agree. Cure: TreeMap, LinkedHashMap, an array or a sorted list")
                .allowEmptyShould(true);
    }

    static ArchRule coresCallInOrder() {
        return noClasses()
                .that()
                .resideInAnyPackage(CORES)
                .should()
                .callMethodWhere(new DescribedPredicate<JavaMethodCall>("the result has no order of its own") {
                    @Override
                    public boolean test(JavaMethodCall call) {
                        return UNORDERED_CALLS
                                .getOrDefault(call.getTargetOwner().getName(), Set.of())
                                .contains(call.getName());
                    }
                })
                .because("two runs of one seed must agree. Cure: TreeMap, TreeSet, List.of, or a Clock")
                .allowEmptyShould(true);
    }

    static ArchRule files() {
        return noClasses()
                .that()
                .resideInAPackage("io.metcd.journal..")
                .and()
                .resideOutsideOfPackage("io.metcd.journal.file..")
                .should()
                .dependOnClassesThat(named(
                        "files and threads",
                        type -> type.getName().startsWith("java.nio.")
                                || type.getName().equals("java.lang.Thread")
                                || type.getName().startsWith("java.util.concurrent.Executors")))
                .because(
                        "a journal on a simulated disk must be the same. Cure: a Disk, Workers, or package journal.file")
                .allowEmptyShould(true);
    }

    static ArchRule transports() {
        return noClasses()
                .that()
                .resideOutsideOfPackages("io.metcd.mesh.net..", "io.metcd.server..", "io.metcd.cli..")
                .and()
                .resideInAPackage("io.metcd..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .because("Netty stays in mesh.net and behind the server's seam. Cure: speak to Mesh or Links")
                .allowEmptyShould(true);
    }

    static ArchRule command() {
        return noClasses()
                .that()
                .resideOutsideOfPackages("io.metcd.cli..")
                .and()
                .resideInAPackage("io.metcd..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "ch.qos.logback..")
                .because("only the command knows flags and log files. Cure: take a record of options")
                .allowEmptyShould(true);
    }

    static ArchRule wire() {
        return noClasses()
                .that()
                .resideOutsideOfPackages("io.metcd.server..", "io.metcd.cli..", "io.metcd.api..")
                .and()
                .resideInAPackage("io.metcd..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.vertx..", "com.google.protobuf..", "io.metcd.api..")
                        .as("Vert.x or protobuf"))
                .because("below the server a command has its own compact form. Cure: translate in module server")
                .allowEmptyShould(true);
    }

    private static boolean isWorld(JavaClass type) {
        String name = type.getName();
        return WORLD.contains(name) || WORLD_PACKAGES.stream().anyMatch(p -> name.startsWith(p + "."));
    }

    private static DescribedPredicate<JavaClass> named(
            String description, java.util.function.Predicate<JavaClass> test) {
        return DescribedPredicate.describe(description, type -> test.test(elementOf(type)));
    }

    private static JavaClass elementOf(JavaClass type) {
        JavaType element = type.isArray() ? type.getBaseComponentType() : type;
        return element.toErasure();
    }
}
