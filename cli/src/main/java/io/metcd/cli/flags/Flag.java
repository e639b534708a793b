package io.metcd.cli.flags;

import java.util.Locale;

/**
 * One flag of {@code serve}.
 *
 * @param name without the dashes
 * @param form a value or a yes-or-no
 * @param effect what becomes of it
 * @param fallback its value when nobody sets it
 * @param help what it means, or why it means nothing here
 */
public record Flag(String name, Form form, Effect effect, String fallback, String help) {
    /** How it is written. */
    public enum Form {
        VALUE,
        SWITCH
    }

    /** What becomes of a flag that is set. */
    public enum Effect {
        USED,
        /** Accepted, and named in a warning: leaving it out changes nothing that a client sees. */
        WARNED,
        /** Refused: to ignore it would betray what the operator relies on. */
        REFUSED
    }

    static Flag used(String name, String fallback, String help) {
        return new Flag(name, Form.VALUE, Effect.USED, fallback, help);
    }

    static Flag usedSwitch(String name, String fallback, String help) {
        return new Flag(name, Form.SWITCH, Effect.USED, fallback, help);
    }

    static Flag warned(String name, String why) {
        return new Flag(name, Form.VALUE, Effect.WARNED, "", why);
    }

    static Flag warnedSwitch(String name, String why) {
        return new Flag(name, Form.SWITCH, Effect.WARNED, "false", why);
    }

    static Flag refused(String name, String why) {
        return new Flag(name, Form.VALUE, Effect.REFUSED, "", why);
    }

    /** {@code data-dir} is {@code ETCD_DATA_DIR}. */
    public String variable(String prefix) {
        return prefix + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    @Override
    public String toString() {
        return "--" + name;
    }
}
