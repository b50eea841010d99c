-- Run at every start: it must be harmless when everything is there.
SET client_min_messages = warning;
CREATE TABLE IF NOT EXISTS orders (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  item text NOT NULL,
  placed_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO orders (item) SELECT 'a moka pot' WHERE NOT EXISTS (SELECT FROM orders);
