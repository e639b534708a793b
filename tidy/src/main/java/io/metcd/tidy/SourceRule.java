package io.metcd.tidy;

import java.util.List;

/** A question put to one source file. */
@FunctionalInterface
public interface SourceRule {
    List<Violation> check(SourceFile file);
}
