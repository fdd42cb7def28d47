"""What is asked of a fit: influence of claims, sensitivity, rival classes, what-ifs, what changed."""
