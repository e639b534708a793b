package io.metcd.cli.serve;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a member logs to and in which form (contract: log.2). */
final class LogOutputs {
    private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0} %msg%n";
    private static final List<String> STANDARD_ERROR = List.of("default", "stderr", "systemd/journal");

    private LogOutputs() {}

    /** Replaces what the process began with, if flags ask for something else. */
    static void apply(FlagValues values) {
        boolean json = isJson(values);
        boolean asAtFirst = !json && values.list("log-outputs").equals(List.of("default"));
        if (asAtFirst || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        List<OutputStreamAppender<ILoggingEvent>> appenders = new ArrayList<>();
        for (String output : values.list("log-outputs")) {
            OutputStreamAppender<ILoggingEvent> appender = appender(output);
            appender.setName(output);
            appender.setContext(context);
            appender.setEncoder(encoder(context, json));
            appender.start();
            if (!appender.isStarted()) {
                throw new Mistake(values.origin("log-outputs") + ": cannot write " + output
                        + ": name a file in a directory that exists and can be written");
            }
            appenders.add(appender);
        }
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        appenders.forEach(root::addAppender);
    }

    private static boolean isJson(FlagValues values) {
        String form = values.text("log-format");
        if (!form.equals("json") && !form.equals("console")) {
            throw Mistake.usage(values.origin("log-format") + " is console or json, not '" + form + "'");
        }
        return form.equals("json");
    }

    private static OutputStreamAppender<ILoggingEvent> appender(String output) {
        if (STANDARD_ERROR.contains(output) || output.equals("stdout")) {
            ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
            console.setTarget(output.equals("stdout") ? "System.out" : "System.err");
            return console;
        }
        FileAppender<ILoggingEvent> file = new FileAppender<>();
        file.setFile(output);
        return file;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, boolean json) {
        if (json) {
            JsonLines lines = new JsonLines();
            lines.setContext(context);
            lines.start();
            return lines;
        }
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(context);
        text.setPattern(PATTERN);
        text.start();
        return text;
    }
}
