package io.metcd.mesh.net;

import java.util.List;
import java.util.function.Consumer;

/** Something that knows addresses of peers before any peer is met. */
interface Source {
    /** Unlike any other source's. */
    String word();

    /**
     * Looks. {@code found} takes, on the loop, what takes the place of what was found last; it is not called if nothing
     * can be told just now.
     */
    void look(Consumer<List<String>> found);
}
