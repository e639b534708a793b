package io.metcd.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much this process logs. */
public final class LogLevel {
    public static final List<String> NAMES = List.of("debug", "info", "warn", "error");

    private LogLevel() {}

    /** The level of that name, if there is one. */
    public static Optional<String> of(String name) {
        String level = name.toLowerCase(Locale.ROOT);
        return NAMES.contains(level) ? Optional.of(level) : Optional.empty();
    }

    /** Sets the level of our own loggers; debug output of libraries is never wanted. */
    public static void set(String name) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.toLevel(name));
        }
    }
}
