"""What libraries do, as typed rows. No control flow but the index, no libcst, and the only place where torch names stand."""
