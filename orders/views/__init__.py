"""Pages of orders, number series and local acts."""
