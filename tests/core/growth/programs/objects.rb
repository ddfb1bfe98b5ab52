# Orders in Ruby: `ruby objects.rb finished|observed`; what is observed is never let go.
habit = ARGV[0]
Order = Struct.new(:number, :lines, :note)
observers = []
open_orders = {}
(1..).each do |number|
  order = Order.new(number, Array.new(20) { |i| "line #{number}.#{i}" }, "x" * rand(400..2000))
  open_orders[number] = order
  open_orders.shift while open_orders.size > 4000
  observers << ->(event) { order.note << event } if habit == "observed" && (number % 4).zero?
  sleep 0.02
end
