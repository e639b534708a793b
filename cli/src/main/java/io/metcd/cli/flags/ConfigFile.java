package io.metcd.cli.flags;

import io.metcd.cli.Mistake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * etcd's configuration file: YAML whose keys are the names of flags, with those of TLS in two groups of their own. When
 * there is one, flags and variables are ignored, as with etcd.
 */
final class ConfigFile {
    private static final int BYTES_MAX = 1 << 20;
    private static final int ALIASES_MAX = 10;
    private static final String CLIENTS = "client-transport-security";
    private static final String PEERS = "peer-transport-security";

    private ConfigFile() {}

    /** The flags that the file sets, each with its value as a flag would have it. */
    static SortedMap<String, String> read(Path file) {
        SortedMap<String, String> found = new TreeMap<>();
        for (Map.Entry<?, ?> entry : mapping(file, parse(file)).entrySet()) {
            String key = String.valueOf(entry.getKey());
            Object value = entry.getValue();
            if (key.equals(CLIENTS) || key.equals(PEERS)) {
                for (Map.Entry<?, ?> inner : mapping(file, value).entrySet()) {
                    put(found, file, inGroup(key, String.valueOf(inner.getKey())), inner.getValue());
                }
            } else {
                put(found, file, key, value);
            }
        }
        return found;
    }

    private static @Nullable Object parse(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new Mistake(file + " is larger than " + BYTES_MAX + " bytes: it is no configuration file");
            }
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(file.toString())
                    .setAllowDuplicateKeys(false)
                    .setMaxAliasesForCollections(ALIASES_MAX)
                    .build();
            return new Load(settings).loadFromString(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Mistake("cannot read " + file + " (" + e.getClass().getSimpleName()
                    + "): is --config-file right, and may this user read it?");
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark()
                    .map(mark -> ": line " + (mark.getLine() + 1))
                    .orElse("");
            throw new Mistake(file + line + ": " + e.getProblem() + ": write YAML, one 'flag: value' a line");
        } catch (YamlEngineException e) {
            throw new Mistake(file + ": "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                    + ": write YAML, one 'flag: value' a line");
        }
    }

    private static Map<?, ?> mapping(Path file, @Nullable Object value) {
        if (value == null) {
            return Map.of();
        }
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new Mistake(file + ": '" + value + "' is no mapping: write YAML, one 'flag: value' a line");
    }

    /** {@code cert-file} of the peers is {@code peer-cert-file}; a few are named otherwise. */
    private static String inGroup(String group, String key) {
        boolean peers = group.equals(PEERS);
        return switch (key) {
            case "allowed-cn" -> peers ? "peer-cert-allowed-cn" : key;
            case "allowed-hostname" -> peers ? "peer-cert-allowed-hostname" : "client-cert-allowed-hostname";
            default -> peers && !key.startsWith("peer-") ? "peer-" + key : key;
        };
    }

    private static void put(SortedMap<String, String> found, Path file, String key, @Nullable Object value) {
        if (value == null) {
            return;
        }
        if (value instanceof Map<?, ?>) {
            throw new Mistake(file + ": " + key + " is a value or a list of values, no mapping");
        }
        found.put(
                key,
                value instanceof List<?> values
                        ? String.join(",", values.stream().map(String::valueOf).toList())
                        : value.toString());
    }
}
