package assay.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import java.net.URI;
import org.junit.jupiter.api.Test;

class DoorTest {
    private static final URI PATH = URI.create("/api/runs");

    @Test
    void thisMachineMayCallItByAnyOfItsNamesAndPorts() {
        for (String host : new String[] {"localhost:8017", "127.0.0.1", "[::1]:9", "LOCALHOST:1"}) {
            assertThatCode(() -> Door.here().check("GET", PATH, headers("Host", host)))
                    .doesNotThrowAnyException();
        }
        assertThatThrownBy(() -> Door.here().check("GET", PATH, headers("Host", "10.0.0.7")))
                .hasMessage("host: expected a name of this machine, found another. Open the address Assay printed.");
    }

    @Test
    void aWideDoorNeedsItsTokenFromAHeaderOrACookie() {
        Door door = Door.wide("0.0.0.0");
        String token = door.token().orElseThrow();
        assertThat(token).hasSize(48);
        assertThatThrownBy(() -> door.checkToken(headers("Cookie", "other=1")))
                .hasMessageStartingWith("token: expected");
        assertThatThrownBy(() -> door.checkToken(headers("Authorization", "Bearer " + token.substring(1))))
                .hasMessageStartingWith("token: expected");
        assertThatCode(() -> door.checkToken(headers("Authorization", "Bearer " + token)))
                .doesNotThrowAnyException();
        assertThatCode(() -> door.checkToken(headers("Cookie", "other=1; assay=" + token)))
                .doesNotThrowAnyException();
    }

    @Test
    void aDoorOpenToAllAddressesIsStillClosedToNames() {
        Door door = Door.wide("0.0.0.0");
        assertThatCode(() -> door.check("GET", PATH, headers("Host", "192.168.1.20:8017")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> door.check("GET", PATH, headers("Host", "evil.example:8017")))
                .isInstanceOf(Refused.class);
    }

    private static Headers headers(String name, String value) {
        Headers headers = new Headers();
        headers.add(name, value);
        return headers;
    }
}
