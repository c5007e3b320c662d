package kernel

import (
	"fmt"
	"testing"
	"time"
	"slices"
)

func TestZMicro(t *testing.T) {
	s := &avx512.single
	timeit := func(f func()) float64 {
		best := []float64{}
		for range 40 {
			st := time.Now()
			for range 20 { f() }
			best = append(best, time.Since(st).Seconds()/20)
		}
		slices.Sort(best)
		return best[5]
	}
	for _, K := range []int{64, 128, 256, 512} {
		for v := 1; v <= 4; v++ {
			line := fmt.Sprintf("K%d v%d: ", K, v)
			for rows := 1; rows <= s.rows[v-1]; rows++ {
				m := rows * (48 / rows)
				a, b, c := Grow[float32](nil, m*K), Grow[float32](nil, K*64), Grow[float32](nil, m*64)
				f := func() { s.tile[v-1](&c[0], &c[0], &a[0], &b[0], 256, 256, K*4, 4, 0, K, 1, rows, m/rows, 0, 16) }
				f()
				sec := timeit(f)
				line += fmt.Sprintf("%d:%.0f ", rows, 2*float64(m*K*v*16)/sec/1e9)
			}
			fmt.Println(line)
		}
	}
}
