-- KerzenShop database
-- made with the help of the internet, 2024-03-01

CREATE TABLE customers (
    id SERIAL PRIMARY KEY,
    email VARCHAR(255) UNIQUE NOT NULL,
    full_name VARCHAR(120),
    key VARCHAR(64),                    -- login key, sent by mail
    created_at TIMESTAMP DEFAULT NOW(),
    INDEX idx_email (email),
    INDEX idx_created (created_at)
);

CREATE TABLE products (
    sku VARCHAR(40) PRIMARY KEY,
    title TEXT NOT NULL DEFAULT 'no INDEX (yet), sorry',
    price_cents INTEGER NOT NULL CHECK (price_cents > 0),
    index INTEGER DEFAULT 0,            -- place in the list
    KEY idx_title (title),
);

CREATE TABLE orders (
    id SERIAL PRIMARY KEY,
    customer_id INTEGER REFERENCES customers(id) ON DELETE CASCADE,
    status VARCHAR(20) DEFAULT 'new' CHECK (status IN ('new', 'KEY', 'paid', 'sent')),
    total_cents INTEGER NOT NULL,
    created_at TIMESTAMP DEFAULT NOW(),

    -- for the dashboard
    INDEX idx_status (status),
    INDEX idx_created (created_at DESC)
    -- INDEX idx_total (total_cents)
);

CREATE TABLE order_lines (
    order_id INTEGER NOT NULL REFERENCES orders(id),
    sku VARCHAR(40) NOT NULL REFERENCES products(sku),
    quantity INTEGER DEFAULT 1,         -- trailing note, with a comma
    PRIMARY KEY (order_id, sku),        /* one line
                                           a product */
);

CREATE TABLE coupons (
    id SERIAL PRIMARY KEY,
    code VARCHAR(30) NOT NULL,
    percent INTEGER DEFAULT 10,
    valid_until DATE,
    UNIQUE KEY uniq_code (code),
    KEY idx_status (valid_until, percent)
);

CREATE TABLE newsletter (
    id SERIAL PRIMARY KEY,
    email VARCHAR(255) NOT NULL,
    confirmed BOOLEAN DEFAULT FALSE,
    note TEXT DEFAULT 'it''s fine; really',
    UNIQUE (email)
);

CREATE INDEX idx_email ON newsletter(email);
CREATE INDEX IF NOT EXISTS idx_lines_sku ON order_lines(sku);

CREATE VIEW open_orders AS
    SELECT o.id, c.email, o.total_cents
    FROM orders o JOIN customers c ON c.id = o.customer_id
    WHERE o.status <> 'sent';

INSERT INTO products (sku, title, price_cents) VALUES
    ('teelicht', 'Teelicht (100 Stk); weiss', 1290),
    ('stumpen', 'Stumpen 5000 g', 5000);
