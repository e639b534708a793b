package io.metcd.tidy;

import com.github.javaparser.ast.body.MethodDeclaration;
import com.github.javaparser.ast.expr.AnnotationExpr;
import com.github.javaparser.ast.expr.FieldAccessExpr;
import com.github.javaparser.ast.expr.MethodCallExpr;
import com.github.javaparser.ast.expr.ObjectCreationExpr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Calls that take time, luck or output from the air. */
public final class CallRules {
    private static final Map<String, String> EVERYWHERE = Map.of(
            "Thread.sleep", "wait on what you wait for: a latch with a deadline, the scheduler, or virtual time");
    /** Wall time and luck come in through the doors of base; only what is no part of a member may take them itself. */
    private static final Map<String, String> OUTSIDE_BASE = new TreeMap<>(Map.of(
            "System.nanoTime", "take a Clock",
            "System.currentTimeMillis", "take a Clock",
            "Instant.now", "take a Clock",
            "UUID.randomUUID", "take a RandomSource",
            "Math.random", "take a RandomSource",
            "ThreadLocalRandom.current", "take a RandomSource",
            "System.exit", "return the exit code to the command's main"));

    private static final Set<String> MEMBER_MODULES =
            Set.of("raft", "store", "mesh", "journal", "node", "embed", "server");

    private CallRules() {}

    public static List<Violation> calls(SourceFile file) {
        boolean member = MEMBER_MODULES.contains(file.module()) && file.part() == SourceFile.Part.MAIN;
        List<Violation> found = new ArrayList<>();
        for (MethodCallExpr call : file.tree().findAll(MethodCallExpr.class)) {
            String name = call.getScope().map(s -> s + ".").orElse("") + call.getNameAsString();
            String everywhere = EVERYWHERE.get(name);
            if (everywhere != null) {
                found.add(new Violation(file.at(call), "calls " + name, everywhere));
            }
            String outside = OUTSIDE_BASE.get(name);
            if (member && outside != null) {
                found.add(new Violation(file.at(call), "calls " + name, outside));
            }
        }
        for (ObjectCreationExpr creation : file.tree().findAll(ObjectCreationExpr.class)) {
            if (member && creation.getTypeAsString().equals("Random")) {
                found.add(new Violation(file.at(creation), "makes a java.util.Random", "take a RandomSource"));
            }
        }
        return found;
    }

    /** Only the command and the programs of the tests print; everything else is handed a stream or logs. */
    public static List<Violation> printing(SourceFile file) {
        boolean program = file.tree().findAll(MethodDeclaration.class).stream()
                .anyMatch(m -> m.isStatic() && m.getNameAsString().equals("main"));
        if (program || file.module().equals("cli")) {
            return List.of();
        }
        List<Violation> found = new ArrayList<>();
        for (FieldAccessExpr access : file.tree().findAll(FieldAccessExpr.class)) {
            if (access.toString().equals("System.out") || access.toString().equals("System.err")) {
                found.add(new Violation(
                        file.at(access), "prints to " + access, "log it, or take a PrintStream from the program"));
            }
        }
        return found;
    }

    public static List<Violation> testHabits(SourceFile file) {
        List<Violation> found = new ArrayList<>();
        for (AnnotationExpr annotation : file.tree().findAll(AnnotationExpr.class)) {
            if (annotation.getNameAsString().equals("Disabled")) {
                found.add(new Violation(file.at(annotation), "switches a test off", "repair it or delete it"));
            }
        }
        file.tree().getImports().stream()
                .filter(i -> i.getNameAsString().startsWith("org.mockito"))
                .forEach(i -> found.add(new Violation(
                        file.at(i), "mocks", "use the real class, or the simulated implementation of its door")));
        return found;
    }
}
