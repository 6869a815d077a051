package assay.cluster;

import tools.jackson.databind.json.JsonMapper;

/// Records as they travel.
final class Travel {
    private Travel() {}

    static byte[] sent(Object value) {
        return JsonMapper.shared().writeValueAsBytes(value);
    }

    static <T> T received(byte[] bytes, Class<T> type) {
        return JsonMapper.shared().readValue(bytes, type);
    }
}
