package io.metcd.store;

import io.metcd.base.Bytes;
import java.util.List;

/**
 * What the cluster knows of a member.
 *
 * @param peer the identity of the peer bound to the member, empty while unbound
 * @param incarnation the life of that peer which is bound
 */
public record MemberState(
        long id, String name, List<String> peerUrls, List<String> clientUrls, Bytes peer, long incarnation) {}
