package io.metcd.mesh.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.testkit.Property;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LinkClaimsTest {
    @Test
    void cheapestAreKeptInTheirOrder() {
        LinkClaims claims = LinkClaims.of(new long[] {1, 2, 3, 4, 5}, new int[] {9, 1, 255, 9, 9});

        assertThat(claims.cheapest(3)).isEqualTo(LinkClaims.of(new long[] {1, 2, 4}, new int[] {9, 1, 9}));
        assertThat(claims.cheapest(5)).isSameAs(claims);
        assertThat(claims.cheapest(0)).isSameAs(LinkClaims.NONE);
    }

    @Test
    void nothingThatIsLeftOutIsCheaperThanWhatIsKept() {
        Property.check(200, random -> {
            int size = random.nextInt(60);
            TreeSet<Long> ids = new TreeSet<>(Long::compareUnsigned);
            while (ids.size() < size) {
                ids.add(random.nextLong());
            }
            long[] neighbours = ids.stream().mapToLong(Long::longValue).toArray();
            int[] costs = new int[size];
            Arrays.setAll(costs, i -> 1 + random.nextInt(LinkClaims.COST_MAX));
            int most = random.nextInt(70);

            LinkClaims kept = LinkClaims.of(neighbours, costs.clone()).cheapest(most);

            int[] sorted = costs.clone();
            Arrays.sort(sorted);
            int[] keptCosts = new int[kept.size()];
            Arrays.setAll(keptCosts, kept::cost);
            Arrays.sort(keptCosts);
            assertThat(keptCosts).isEqualTo(Arrays.copyOf(sorted, Math.min(most, size)));
        });
    }
}
