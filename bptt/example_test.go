package bptt_test

import (
	"fmt"
	"log"

	"github.com/unroll-go/unroll/bptt"
)

// Two steps of a network with one input, two hidden units and two labels. The
// gradient by Whh is printed twice: by the recursion, and as the sum of the
// three terms of (25).
func Example() {
	n := bptt.New(1, 2, 2)
	n.Wxh = []float64{0.5, -0.3}
	n.Whh = []float64{0.1, 0.4, -0.2, 0.3}
	n.Whz = []float64{1, -1, 0.5, 2}

	x := [][]float64{{1}, {-2}} // x_1, x_2
	h0 := []float64{0.5, -0.5}
	y := []int{0, 1} // y_1, y_2
	tr, err := n.Forward(x, h0, y)
	if err != nil {
		log.Fatal(err)
	}
	for t := 1; t <= tr.T(); t++ {
		fmt.Printf("h_%d = %.4f  z_%d = %.4f  L(%d) = %.4f\n", t, tr.H[t], t, tr.Z[t], t, tr.StepLoss[t])
	}
	fmt.Printf("dL/dWhh = %.4f\n", n.Backward(tr).Whh)

	for t := 1; t <= tr.T(); t++ {
		for k, r := range n.Terms(tr, t) {
			if k > 0 {
				fmt.Printf("  r(%d,%d) = %7.4f  outer h_%d\n", t, k, r, k-1)
			}
		}
	}
	fmt.Printf("dL/dWhh = %.4f\n", n.DoubleSum(tr).Whh)
	// Output:
	// h_1 = [0.3364 -0.5005]  z_1 = [0.8415 0.1585]  L(1) = 0.1725
	// h_2 = [-0.8232 0.3649]  z_2 = [0.1815 0.8185]  L(2) = 0.2002
	// dL/dWhh = [0.0179 -0.0227 -0.0293 0.1067]
	//   r(1,1) = [-0.0703  0.3563]  outer h_0
	//   r(2,1) = [ 0.0863 -0.0973]  outer h_0
	//   r(2,2) = [ 0.0293 -0.4719]  outer h_1
	// dL/dWhh = [0.0179 -0.0227 -0.0293 0.1067]
}
