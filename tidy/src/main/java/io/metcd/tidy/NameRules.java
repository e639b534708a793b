package io.metcd.tidy;

import com.github.javaparser.ast.body.TypeDeclaration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Names that say nothing. */
public final class NameRules {
    private static final Map<String, String> SUFFIXES = new TreeMap<>(Map.of(
            "Manager", "name what it does: Registry, Pool, Roster",
            "Helper", "put the method where its first argument lives",
            "Util", "put the method where its first argument lives",
            "Utils", "put the method where its first argument lives",
            "Common", "say what is common, or move each part to its owner",
            "Processor", "name the step: Parser, Applier, Router",
            "Impl", "drop the interface, or name what is special: FileJournal",
            "Data", "name the thing itself",
            "Info", "name the thing itself",
            "Context", "pass the three values that are needed"));
    private static final List<String> PREFIXES = List.of("Base", "Abstract");

    private NameRules() {}

    public static List<Violation> typeNames(SourceFile file) {
        List<Violation> found = new ArrayList<>();
        for (TypeDeclaration<?> type : file.tree().findAll(TypeDeclaration.class, any -> true)) {
            String name = type.getNameAsString();
            SUFFIXES.forEach((suffix, cure) -> {
                if (name.endsWith(suffix)) {
                    found.add(new Violation(file.at(type), "type " + name + " ends in " + suffix, cure));
                }
            });
            for (String prefix : PREFIXES) {
                if (startsWithWord(name, prefix)) {
                    found.add(new Violation(
                            file.at(type),
                            "type " + name + " begins with " + prefix,
                            "compose instead of inheriting, or name the role"));
                }
            }
        }
        return found;
    }

    private static boolean startsWithWord(String name, String word) {
        return name.startsWith(word)
                && name.length() > word.length()
                && Character.isUpperCase(name.charAt(word.length()));
    }
}
