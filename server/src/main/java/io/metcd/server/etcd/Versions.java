package io.metcd.server.etcd;

/** The versions that clients ask for: three numbers each, which some of them parse. */
public final class Versions {
    /** The etcd whose behaviour this server has. */
    public static final String SERVER = "3.6.14";

    public static final String CLUSTER = "3.6.0";
    public static final String STORAGE = "3.6.0";

    static final int MAJOR = 3;
    static final int MINOR = 6;

    private Versions() {}
}
