package io.metcd.store.etcd;

import io.metcd.base.Bytes;
import io.metcd.store.MemberState;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Members and the configuration of consensus, in etcd's JSON. */
final class MemberJson {
    private MemberJson() {}

    /** The key of a member. */
    static Bytes id(long id) {
        return Bytes.utf8(Long.toHexString(id));
    }

    static Bytes member(MemberState member) {
        StringBuilder json = new StringBuilder("{\"id\":").append(Long.toUnsignedString(member.id()));
        json.append(",\"peerURLs\":").append(texts(member.peerUrls()));
        if (!member.votes()) {
            json.append(",\"isLearner\":true");
        }
        if (member.started()) {
            json.append(",\"name\":").append(text(member.name()));
        }
        if (!member.clientUrls().isEmpty()) {
            json.append(",\"clientURLs\":").append(texts(member.clientUrls()));
        }
        return Bytes.utf8(json.append('}').toString());
    }

    static Bytes configuration(List<MemberState> members) {
        StringBuilder json = new StringBuilder("{");
        appendIds(json, "voters", members.stream().filter(MemberState::votes).toList());
        appendIds(
                json, "learners", members.stream().filter(each -> !each.votes()).toList());
        return Bytes.utf8(json.append("\"auto_leave\":false}").toString());
    }

    private static void appendIds(StringBuilder json, String name, List<MemberState> members) {
        if (!members.isEmpty()) {
            String ids = members.stream()
                    .map(member -> Long.toUnsignedString(member.id()))
                    .collect(Collectors.joining(","));
            json.append('"').append(name).append("\":[").append(ids).append("],");
        }
    }

    private static String texts(List<String> texts) {
        return texts.stream().map(MemberJson::text).collect(Collectors.joining(",", "[", "]"));
    }

    private static String text(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20) {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
