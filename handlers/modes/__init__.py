"""平战转换: whole subtrees at war, from the order to its end."""
