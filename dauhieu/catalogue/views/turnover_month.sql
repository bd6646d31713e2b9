-- vi: Doanh thu theo hoá đơn điện tử bán ra của mỗi mã số thuế theo tháng
-- en: Turnover of a tax code by month, from the electronic invoices it issued
-- grain: tax_id, month
SELECT seller_tax_id AS tax_id, calc.month(issued_at) AS month,
       CAST(round(sum(quantity * unit_price)) AS BIGINT) AS turnover
FROM ext_einvoice
GROUP BY seller_tax_id, calc.month(issued_at)
