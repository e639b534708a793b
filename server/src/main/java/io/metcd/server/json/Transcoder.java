package io.metcd.server.json;

import com.google.protobuf.Descriptors.Descriptor;
import io.metcd.base.Bytes;
import io.metcd.server.rpc.Payload;

/** The JSON of one method's requests and answers. */
public final class Transcoder {
    private static final Bytes RESULT = Bytes.utf8("{\"result\":");
    private static final int JSON_PER_MESSAGE_BYTE = 2;

    private final Descriptor request;
    private final Descriptor answer;

    public Transcoder(Descriptor request, Descriptor answer) {
        this.request = request;
        this.answer = answer;
    }

    /**
     * The message that a JSON value means.
     *
     * @param json one value, as {@link JsonValues} cuts them
     */
    public Bytes request(Bytes json) throws JsonRejected {
        return JsonToMessage.convert(request, json);
    }

    /** The answer of a unary method. */
    public Bytes answer(Payload message) {
        Bytes bytes = message.encoded();
        ByteSink json = new ByteSink(JSON_PER_MESSAGE_BYTE * bytes.size());
        MessageToJson.write(answer, bytes, json);
        return json.done();
    }

    /** One of the answers of a stream, with the line's end. */
    public Bytes result(Payload message) {
        Bytes bytes = message.encoded();
        ByteSink json = new ByteSink(RESULT.size() + JSON_PER_MESSAGE_BYTE * bytes.size());
        json.put(RESULT);
        MessageToJson.write(answer, bytes, json);
        json.ascii("}\n");
        return json.done();
    }
}
