"""The machine: receives, runs, sends. It knows no business."""
