package io.metcd.server.rpc;

/** The status codes of gRPC. */
public enum Code {
    OK(0, "OK"),
    CANCELLED(1, "Canceled"),
    UNKNOWN(2, "Unknown"),
    INVALID_ARGUMENT(3, "InvalidArgument"),
    DEADLINE_EXCEEDED(4, "DeadlineExceeded"),
    NOT_FOUND(5, "NotFound"),
    ALREADY_EXISTS(6, "AlreadyExists"),
    PERMISSION_DENIED(7, "PermissionDenied"),
    RESOURCE_EXHAUSTED(8, "ResourceExhausted"),
    FAILED_PRECONDITION(9, "FailedPrecondition"),
    ABORTED(10, "Aborted"),
    OUT_OF_RANGE(11, "OutOfRange"),
    UNIMPLEMENTED(12, "Unimplemented"),
    INTERNAL(13, "Internal"),
    UNAVAILABLE(14, "Unavailable"),
    DATA_LOSS(15, "DataLoss"),
    UNAUTHENTICATED(16, "Unauthenticated");

    private final int value;
    private final String label;
    private final String number;

    Code(int value, String label) {
        this.value = value;
        this.label = label;
        this.number = Integer.toString(value);
    }

    /** The number on the wire. */
    public int value() {
        return value;
    }

    /** The name as etcd writes it in metrics and in reasons: {@code ResourceExhausted}. */
    public String label() {
        return label;
    }

    /** The number as the trailer {@code grpc-status} carries it. */
    public String number() {
        return number;
    }
}
